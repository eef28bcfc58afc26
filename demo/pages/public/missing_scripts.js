// Runs before the modules, and without them: says what is missing if they never come.
(function () {
  var command = document.currentScript && document.currentScript.dataset['command'];
  /** @param {string} sentence */
  function say(sentence) {
    var error = document.getElementById('error');
    var status = document.getElementById('status');
    if (!error || !status) {
      addEventListener('DOMContentLoaded', say.bind(null, sentence));
    } else if (!document.documentElement.dataset['started']) {
      error.textContent = sentence;
      error.hidden = false;
      status.textContent = 'Not started';
    }
  }
  if (location.protocol === 'file:') {
    say('This page runs from a web server, not from a file: ' + command + ' starts one.');
  } else {
    addEventListener(
      'error',
      function (event) {
        if (event.target instanceof HTMLScriptElement) {
          say('A script of this page could not be loaded. Please reload the page.');
        }
      },
      true,
    );
    setTimeout(say, 15000, 'The scripts of this page could not be loaded so far. Reloading the page may help.');
  }
})();
