"""Searches by what this Python has, once for each name that comes in, and answers with a line: for search.ts, which takes the time.

    search_peers.py CLASSES QUERIES WIDTH K

The first line names those that are there: faiss-cpu and usearch are from PyPI.
"""

import sys

import numpy as np

classes, queries, width, k = map(int, sys.argv[1:])
random = np.random.default_rng(1)
centers = random.random((classes, width), dtype=np.float32)
samples = random.random((queries, width), dtype=np.float32)
searches = {}
try:
    import faiss

    faiss.omp_set_num_threads(1)
    flat = faiss.IndexFlatL2(width)
    flat.add(centers)
    searches["FAISS"] = lambda: flat.search(samples, k)
    # The scale of the codes is that of the first rows: all are alike here.
    coded = faiss.IndexScalarQuantizer(width, faiss.ScalarQuantizer.QT_8bit)
    coded.train(centers[:10_000])
    coded.add(centers)
    searches["FAISS, 8 bits"] = lambda: coded.search(samples, k)
except ImportError:
    pass
try:
    from usearch.index import MetricKind, search

    searches["USearch, exact"] = lambda: search(centers, samples, k, MetricKind.L2sq, exact=True, threads=1)
except ImportError:
    pass
# As many bytes as there are in codes of 8 bits: what no search can do without is to read them once.
codes = random.integers(0, 1 << 62, classes * width // 8)
searches["floor"] = codes.sum
print(";".join(searches), flush=True)
for line in sys.stdin:
    searches[line.strip()]()
    print("done", flush=True)
