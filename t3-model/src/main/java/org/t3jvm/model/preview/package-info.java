/**
 * Pictures of a video before it is there: the clean latents that a denoising step predicts, as
 * colours of a linear projection, in files beside the output or in a contact sheet of many runs.
 */
@NullMarked
package org.t3jvm.model.preview;

import org.jspecify.annotations.NullMarked;
