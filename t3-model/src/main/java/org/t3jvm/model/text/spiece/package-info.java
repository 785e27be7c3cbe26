/**
 * SentencePiece unigram models as {@code spiece.model} files hold them (SPEC 2): reading the file,
 * normalising text by its character map, and the best path through its pieces.
 */
@NullMarked
package org.t3jvm.model.text.spiece;

import org.jspecify.annotations.NullMarked;
