/**
 * Decoding media files that nobody vouches for. FFmpeg runs in a process of its own, which is
 * handed the open file and nothing else: what a file does to it, a crash or an endless loop
 * included, ends as one line in this process.
 */
@NullMarked
package org.t3jvm.model.media;

import org.jspecify.annotations.NullMarked;
