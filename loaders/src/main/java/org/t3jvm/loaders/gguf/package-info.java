/**
 * The GGUF format, versions 2 and 3: floating tensors are used where they lie; quantised ones are
 * made F32 when they are asked for, by the arithmetic of the published block layouts, so that
 * models compute with exactly the values that the file stands for.
 */
@NullMarked
package org.t3jvm.loaders.gguf;

import org.jspecify.annotations.NullMarked;
