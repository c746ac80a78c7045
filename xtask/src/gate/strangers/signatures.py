"""Says of each PDF whether pyHanko takes its signature for valid: `signatures.py ROOT.pem FILE…`."""

import logging
import sys

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)
root = load_cert_from_pemder(sys.argv[1])


def verdict(path):
    with open(path, "rb") as file:
        (signature,) = PdfFileReader(file).embedded_signatures
        status = validate_pdf_signature(signature, ValidationContext(trust_roots=[root]))
        return status.bottom_line


for path in sys.argv[2:]:
    try:
        print("valid" if verdict(path) else "invalid")
    except Exception:  # A file too broken to be read is not valid either.
        print("invalid")
