"""Pictures made on request: generate, edit, vary, gallery."""
