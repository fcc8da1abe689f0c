"""Print the SHA-256 of the rows of generated files, layer by layer: equal data, equal number."""

import argparse

import pyogrio

from tests.bench.common import fingerprint, read


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", metavar="FILE", help=".parquet or .gpkg")
    for path in parser.parse_args().files:
        for layer in [None] if path.endswith(".parquet") else sorted(name for name, _ in pyogrio.list_layers(path)):
            table = read(path, layer)
            print(fingerprint(table), len(table), path, layer or "")


if __name__ == "__main__":
    main()
