/**
 * A small model of the project's own, of upstream's structure and file formats, for clips of {@code
 * org.t3jvm.model.world}: its sizes, the weights that its training starts from, and its tokenizer.
 */
@NullMarked
package org.t3jvm.model.primer;

import org.jspecify.annotations.NullMarked;
