/**
 * Frames to files: H.264 in MP4 through FFmpeg, or a folder of PNG files. Whatever is written
 * appears under its final name only when it is complete (SPEC 13).
 */
@NullMarked
package org.t3jvm.model.video;

import org.jspecify.annotations.NullMarked;
