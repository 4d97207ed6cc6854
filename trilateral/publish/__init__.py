"""What turns executed notebooks into HTML, PDF, kit and JSON."""
