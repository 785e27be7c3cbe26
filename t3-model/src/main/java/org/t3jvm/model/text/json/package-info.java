/**
 * Unigram tokenizers as Hugging Face's {@code tokenizer.json} files hold them (SPEC 2): special
 * tokens, normalisation, division at spaces, and the best path through the pieces, with that
 * library's results.
 */
@NullMarked
package org.t3jvm.model.text.json;

import org.jspecify.annotations.NullMarked;
