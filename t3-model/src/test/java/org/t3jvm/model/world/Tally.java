package org.t3jvm.model.world;

import java.util.Locale;
import java.util.Optional;

/** How many clips show what they should, part by part. */
final class Tally {
  private int clips;
  private int colour;
  private int figure;
  private int ground;
  private int motion;
  private int all;
  private double objects;
  private int crowded;

  void add(Reading reading, Combination wanted) {
    clips++;
    objects += reading.objects();
    crowded += reading.objects() > 1.3 ? 1 : 0;
    boolean rightGround = reading.ground() == wanted.ground();
    ground += rightGround ? 1 : 0;
    Optional<Combination> object = reading.object();
    boolean rightColour = object.filter(each -> each.colour() == wanted.colour()).isPresent();
    boolean rightFigure = object.filter(each -> each.figure() == wanted.figure()).isPresent();
    boolean rightMotion = object.filter(each -> each.motion() == wanted.motion()).isPresent();
    colour += rightColour ? 1 : 0;
    figure += rightFigure ? 1 : 0;
    motion += rightMotion ? 1 : 0;
    all += rightGround && rightColour && rightFigure && rightMotion ? 1 : 0;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d clips: colour %.3f, shape %.3f, ground %.3f, motion %.3f, all four %.3f;"
            + " %.2f objects a frame, more than 1.3 in %.3f",
        clips,
        share(colour),
        share(figure),
        share(ground),
        share(motion),
        share(all),
        objects / clips,
        share(crowded));
  }

  private double share(int count) {
    return (double) count / clips;
  }
}
