/**
 * What a run has reached, on disk beside its output, so that another process continues with the
 * same bits: the latents and the solver's history after each step, decoded frames, and the
 * settings. At any instant the folder holds one whole state: files are written under new names,
 * forced to disk, and named last of all in {@code state.json}, which is replaced in one step.
 */
@NullMarked
package org.t3jvm.model.state;

import org.jspecify.annotations.NullMarked;
