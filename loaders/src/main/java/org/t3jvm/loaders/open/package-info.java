/**
 * Opens checkpoints: {@link org.t3jvm.loaders.open.Checkpoints#open} finds the format by content,
 * combines several files, and {@link org.t3jvm.loaders.open.ExpectedTensors} checks that a
 * checkpoint holds what a model needs.
 */
@NullMarked
package org.t3jvm.loaders.open;

import org.jspecify.annotations.NullMarked;
