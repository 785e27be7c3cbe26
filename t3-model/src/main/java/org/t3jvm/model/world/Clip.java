package org.t3jvm.model.world;

import java.util.List;
import org.t3jvm.model.image.RgbImage;

/** A captioned clip, to be drawn. */
public final class Clip {
  private final Scene scene;
  private final String caption;
  private final SceneRenderer renderer;
  private final int frames;

  Clip(Scene scene, String caption, SceneRenderer renderer, int frames) {
    this.scene = scene;
    this.caption = caption;
    this.renderer = renderer;
    this.frames = frames;
  }

  /** What it shows, in words. */
  public String caption() {
    return caption;
  }

  Scene scene() {
    return scene;
  }

  /** What it shows, one of each object. */
  public List<Combination> combinations() {
    return scene.subjects().stream().map(Subject::kind).toList();
  }

  /** Number of frames. */
  public int frames() {
    return frames;
  }

  /** Frame {@code index} [height, width, 3]. */
  public RgbImage frame(int index) {
    return renderer.at(frames == 1 ? 0 : (double) index / (frames - 1));
  }
}
