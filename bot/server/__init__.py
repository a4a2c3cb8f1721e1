"""Starting, watching and stopping the two servers."""
