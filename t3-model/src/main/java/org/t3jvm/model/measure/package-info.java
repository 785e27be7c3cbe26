/**
 * Measures of videos that need no trained network, each after a published definition
 * (docs/measures.md): functions of frames, one a file, and {@link
 * org.t3jvm.model.measure.VideoMeasurer} that applies them to a video frame by frame.
 */
@NullMarked
package org.t3jvm.model.measure;

import org.jspecify.annotations.NullMarked;
