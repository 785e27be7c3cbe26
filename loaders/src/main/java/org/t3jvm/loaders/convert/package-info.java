/** Checkpoints rewritten with other element types, in memory that does not grow with them. */
@NullMarked
package org.t3jvm.loaders.convert;

import org.jspecify.annotations.NullMarked;
