/**
 * From a prompt to frames: model files, defaults, the stages in order and their progress (SPEC 1).
 */
@NullMarked
package org.t3jvm.model.pipeline;

import org.jspecify.annotations.NullMarked;
