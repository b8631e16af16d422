"""What is attached to a question: pictures, texts of files, sounds; as it is stored, counted, and sent."""
