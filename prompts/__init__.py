"""One Markdown template per model call, and the loader that fills it."""

from prompts.loader import NAMES, Name, Prompt, PromptError, Template, fence, load

__all__ = ["NAMES", "Name", "Prompt", "PromptError", "Template", "fence", "load"]
