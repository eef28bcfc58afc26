"""Searches by FAISS once for each line that comes in, and answers each with a line: for search.ts, which takes the time.

    search_faiss.py CLASSES QUERIES WIDTH K
"""

import sys

import faiss
import numpy as np

classes, queries, width, k = map(int, sys.argv[1:])
faiss.omp_set_num_threads(1)
random = np.random.default_rng(1)
index = faiss.IndexFlatL2(width)
index.add(random.random((classes, width), dtype=np.float32))
samples = random.random((queries, width), dtype=np.float32)
print("ready", flush=True)
for _ in sys.stdin:
    index.search(samples, k)
    print("done", flush=True)
