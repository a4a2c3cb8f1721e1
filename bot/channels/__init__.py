"""How a message comes in and a reply goes out."""
