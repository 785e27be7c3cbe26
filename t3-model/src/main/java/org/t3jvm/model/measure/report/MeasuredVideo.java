package org.t3jvm.model.measure.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.image.RgbImage;
import org.t3jvm.model.measure.SeamLines;
import org.t3jvm.model.measure.VideoMeasurer;
import org.t3jvm.model.measure.VideoMeasures;
import org.t3jvm.model.video.FrameSize;
import org.t3jvm.model.video.FrameSource;
import org.t3jvm.model.video.VideoReaders;

/**
 * A video file and what was measured of it.
 *
 * @param samples some of its frames
 */
public record MeasuredVideo(Path video, VideoMeasures measures, List<Sample> samples) {
  /**
   * Measures a video file, or a folder of PNG frames.
   *
   * @param reference a video that it is compared with frame by frame; null for none
   * @param seams where windows end in it; null to measure no seams
   * @param threads that share the work; no measure depends on them
   * @throws IOException naming the file, if one is no video, or the two differ in size or length
   */
  public static MeasuredVideo of(
      Path video, @Nullable Path reference, @Nullable SeamLines seams, int threads)
      throws IOException {
    try (FrameSource frames = VideoReaders.open(video);
        FrameSource others = reference == null ? null : VideoReaders.open(reference)) {
      VideoMeasurer measurer = new VideoMeasurer(seams, threads);
      Samples samples = new Samples();
      RgbImage first = null;
      int count = 0;
      for (RgbImage frame = frames.next(); frame != null; frame = frames.next()) {
        if (first == null) {
          first = frame;
          requireSeams(video, frame, seams);
        }
        requireSize(video, "its first frame", frame, first);
        RgbImage other = others == null ? null : others.next();
        if (others != null) {
          if (other == null) {
            throw new IOException(
                "'%s' has more frames than the %d of '%s'; give a reference of the same length"
                    .formatted(video, count, reference));
          }
          requireSize(video, "the reference '" + reference + "'", frame, other);
        }
        measurer.add(frame, other);
        samples.add(frame);
        count++;
      }
      if (first == null) {
        throw new IOException("'%s' holds no frame".formatted(video));
      }
      if (others != null && others.next() != null) {
        throw new IOException(
            "'%s' has %d frames, fewer than '%s'; give a reference of the same length"
                .formatted(video, count, reference));
      }
      return new MeasuredVideo(video, measurer.measures(), samples.taken());
    }
  }

  private static void requireSeams(Path video, RgbImage frame, @Nullable SeamLines seams)
      throws IOException {
    if (seams != null && !seams.size().equals(new FrameSize(frame.height(), frame.width()))) {
      throw new IOException(
          "'%s' has frames of %dx%d, but its tags say that it was made with %s; measure the video as it was made"
              .formatted(video, frame.width(), frame.height(), seams.size()));
    }
  }

  private static void requireSize(Path video, String what, RgbImage frame, RgbImage other)
      throws IOException {
    if (frame.width() != other.width() || frame.height() != other.height()) {
      throw new IOException(
          "'%s' has frames of %dx%d, %s of %dx%d; both must have one size"
              .formatted(
                  video, frame.width(), frame.height(), what, other.width(), other.height()));
    }
  }
}
