"""Keys and their uses: signing, sealing (encryption), keyed hashes (HMAC), signatures of models."""
