"""Who is champion, by which rule, and the registry's alias that follows."""
