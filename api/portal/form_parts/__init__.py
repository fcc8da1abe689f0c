"""What the pages of the one form tell: fields and why they are asked, materials, the two documents, signing, what stands beside."""
