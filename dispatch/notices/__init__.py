"""What the city tells the public: drafts in each language, and what fills them."""
