"""Does this quote support this sentence?"""
