"""One module a gateway: its requests become `Heard`, an `Answer` becomes what it takes."""
