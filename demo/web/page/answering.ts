import {showError} from '../../pages/messages.js';
import type {Answer, Sign} from '../protocol.js';
import {sayAnswers, showAnswers} from './answers.js';
import type {Engine} from './engine.js';

/** Asks the networks about the picture of the moment, one question at a time. */
export class Answering {
  private readonly engine: Engine;
  private readonly signs: () => readonly Sign[];
  private readonly onAnswers: (answers: Answer[] | undefined) => void;
  private picture: Uint8Array | undefined;
  private said: Uint8Array | undefined;
  private asking = false;
  private askAgain = false;

  constructor(engine: Engine, signs: () => readonly Sign[], onAnswers: (answers: Answer[] | undefined) => void) {
    this.engine = engine;
    this.signs = signs;
    this.onAnswers = onAnswers;
    showAnswers(undefined, []);
  }

  /** About this picture from now on; about none if there is none. */
  ask(picture: Uint8Array | undefined): void {
    this.picture = picture;
    this.refresh();
  }

  /** The networks have changed. */
  refresh(): void {
    this.askAgain = true;
    if (!this.asking) {
      this.asking = true;
      this.answer()
        .catch(showError)
        .finally(() => {
          this.asking = false;
        });
    }
  }

  private async answer(): Promise<void> {
    while (this.askAgain) {
      this.askAgain = false;
      const {picture} = this;
      const answers = picture && (await this.engine.ask((trainer) => trainer.answer(picture)));
      if (picture === this.picture) {
        showAnswers(answers, this.signs());
        this.onAnswers(answers);
        if (answers && picture !== this.said) {
          this.said = picture;
          sayAnswers(answers, this.signs());
        }
      }
    }
  }
}
