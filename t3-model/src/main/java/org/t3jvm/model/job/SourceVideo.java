package org.t3jvm.model.job;

import java.nio.file.Path;
import org.t3jvm.job.ImageFit;

/**
 * A video to start from.
 *
 * @param path a video file, or a folder of PNG frames
 * @param rate frames a second at which a video file is taken, by time; 0 for each frame once
 * @param strength in (0, 1]: how much of it gives way to noise; at 1 next to nothing is left of it
 * @param fit how frames of another aspect ratio are brought to that of the video
 */
public record SourceVideo(Path path, double rate, float strength, ImageFit fit) {}
