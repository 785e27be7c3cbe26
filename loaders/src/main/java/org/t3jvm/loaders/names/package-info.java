/** Tensors under other names than their file gives them: two-way renaming, and views by it. */
@NullMarked
package org.t3jvm.loaders.names;

import org.jspecify.annotations.NullMarked;
