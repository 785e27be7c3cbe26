/**
 * Named tensors from checkpoint files. {@link org.t3jvm.loaders.Checkpoints#open} tells the format
 * by content and maps the file; nothing here knows what a model does with the tensors. Format facts
 * are those of SPEC 14.
 */
@NullMarked
package org.t3jvm.loaders;

import org.jspecify.annotations.NullMarked;
