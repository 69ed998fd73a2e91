"""What an article, a query and a result are, and the engines that store and find articles."""
