package org.t3jvm.model.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.DoubleSummaryStatistics;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.loaders.io.Digest;
import org.t3jvm.model.image.RgbImage;

/** Clips follow from their seed, on every machine; what is held out is never among the trained. */
class WorldTest {
  private static final Pattern UNDIRECTED =
      Pattern.compile(".*\\brolls(?! (right|left|to|from)).*");

  @Test
  void clipsAreTheSameEverywhere() {
    World world =
        new World(new WorldSettings(1, 1, Split.Part.TRAINED, Choice.ALL, 0.5, 1, 48, 80, 5));
    Digest digest = Digest.sha256();
    for (int i = 0; i < 20; i++) {
      Clip clip = world.clip(i);
      digest.add(clip.caption().getBytes(StandardCharsets.UTF_8));
      for (int t = 0; t < clip.frames(); t++) {
        digest.add(ByteBuffer.wrap(clip.frame(t).rgb()));
      }
    }
    assertThat(digest.hex())
        .isEqualTo("6517fad51cbcade121d9e11379ed2b635027de314a18d88301010ac9c57fdc09");
  }

  @Test
  void scenesDoNotDependOnPixels() {
    Clip small = new World(WorldSettings.trained(7, 72, 128, 5)).clip(3);
    Clip large = new World(WorldSettings.trained(7, 144, 256, 9)).clip(3);
    assertThat(large.caption()).isEqualTo(small.caption());
    RgbImage one = small.frame(4);
    RgbImage four = large.frame(8);
    long difference = 0;
    for (int i = 0; i < one.rgb().length; i++) {
      int x = i / 3 % 128;
      int y = i / 3 / 128;
      int sum = 0;
      for (int part = 0; part < 4; part++) {
        sum += four.rgb()[((2 * y + part / 2) * 256 + 2 * x + part % 2) * 3 + i % 3] & 0xff;
      }
      difference += Math.abs((one.rgb()[i] & 0xff) - sum / 4);
    }
    assertThat((double) difference / one.rgb().length).isLessThan(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 77})
  void splitKeepsPartsApart(long seed) {
    Split split = new Split(seed);
    Set<Combination> all = new HashSet<>();
    int count = 0;
    for (Split.Part part : Split.Part.values()) {
      List<Combination> combinations = split.combinations(part);
      all.addAll(combinations);
      count += combinations.size();
    }
    assertThat(all).hasSize(count).hasSize(1677);
    List<Combination> trained = split.combinations(Split.Part.TRAINED);
    assertThat(trained)
        .hasSizeGreaterThan(1250)
        .contains(new Combination(Colour.RED, Figure.BALL, Ground.GRASS, Motion.RIGHT))
        .contains(new Combination(Colour.RED, Figure.BALL, Ground.GRASS, Motion.LEFT));
    for (Combination held : split.combinations(Split.Part.HELD_OUT)) {
      assertThat(trained)
          .anyMatch(each -> each.colour() == held.colour() && each.figure() == held.figure());
    }
    for (Combination pair : split.combinations(Split.Part.UNSEEN_PAIR)) {
      assertThat(trained)
          .noneMatch(each -> each.colour() == pair.colour() && each.figure() == pair.figure());
    }
  }

  @Test
  void clipsAreOfThePartAskedFor() {
    for (Split.Part part : EnumSet.allOf(Split.Part.class)) {
      World world = new World(new WorldSettings(5, 9, part, Choice.ALL, 0.3, 1, 16, 32, 1));
      for (int i = 0; i < 50; i++) {
        for (Combination each : world.clip(i).combinations()) {
          assertThat(new Split(9).of(each)).isEqualTo(part);
        }
      }
    }
  }

  @Test
  void clipsAreOfTheKindsChosen() {
    Choice choice =
        new Choice(
            List.of(Figure.RING, Figure.BALL, Figure.RING),
            List.of(Motion.GROWS, Motion.LEFT),
            List.of(Size.BIG));
    assertThat(choice.figures()).containsExactly(Figure.BALL, Figure.RING);
    World world = new World(new WorldSettings(6, 1, Split.Part.TRAINED, choice, 0.5, 1, 32, 96, 1));
    Set<Figure> figures = EnumSet.noneOf(Figure.class);
    Set<Motion> motions = EnumSet.noneOf(Motion.class);
    for (int i = 0; i < 50; i++) {
      Clip clip = world.clip(i);
      clip.combinations().forEach(each -> figures.add(each.figure()));
      clip.combinations().forEach(each -> motions.add(each.motion()));
      clip.scene().subjects().forEach(each -> assertThat(each.size()).isEqualTo(Size.BIG));
      assertThat(clip.caption()).doesNotContain("a big ", "the big ", "small");
    }
    assertThat(figures).containsExactlyElementsOf(choice.figures());
    assertThat(motions).containsExactlyInAnyOrderElementsOf(choice.motions());
    assertThatThrownBy(() -> new Choice(choice.figures(), List.of(), choice.sizes()))
        .hasMessage("clips of no motions: at least one");
    Choice spinning = new Choice(List.of(Figure.RING), List.of(Motion.SPINS), choice.sizes());
    assertThatThrownBy(() -> new WorldSettings(1, 1, Split.Part.TRAINED, spinning, 0, 1, 32, 32, 1))
        .hasMessage(
            "clips of the part TRAINED: none has one of the shapes [RING] and motions [SPINS]");
  }

  @Test
  void whatRollsWithoutADirectionGoesToTheRight() {
    World world =
        new World(new WorldSettings(8, 1, Split.Part.TRAINED, Choice.ALL, 0, 1, 16, 32, 1));
    List<Clip> undirected =
        IntStream.range(0, 300)
            .mapToObj(world::clip)
            .filter(each -> UNDIRECTED.matcher(each.caption()).matches())
            .toList();
    assertThat(undirected)
        .hasSizeGreaterThan(4)
        .allMatch(each -> each.combinations().getFirst().motion() == Motion.RIGHT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"16x64", "64x16", "48x48", "40x64"})
  void objectsStayInTheFrame(String size) {
    int height = Integer.parseInt(size.split("x", -1)[0]);
    int width = Integer.parseInt(size.split("x", -1)[1]);
    World world =
        new World(
            new WorldSettings(11, 1, Split.Part.TRAINED, Choice.ALL, 0.3, 1, height, width, 1));
    double aspect = (double) width / height;
    for (int i = 0; i < 100; i++) {
      for (Subject subject : world.clip(i).scene().subjects()) {
        for (int t = 0; t <= 20; t++) {
          Pose pose = subject.at(t / 20.0);
          double reach = pose.radius() * subject.kind().figure().reach() - 1e-9;
          assertThat(pose.x()).isBetween(reach, aspect - reach);
          assertThat(pose.y()).isBetween(reach, 1 - reach);
        }
      }
    }
  }

  @Test
  void withoutSpreadObjectsHaveTheSameRoomOnBothSides() {
    World world =
        new World(new WorldSettings(13, 1, Split.Part.TRAINED, Choice.ALL, 0, 0, 40, 64, 1));
    for (int i = 0; i < 50; i++) {
      Subject subject = world.clip(i).scene().subjects().getFirst();
      DoubleSummaryStatistics x = new DoubleSummaryStatistics();
      DoubleSummaryStatistics y = new DoubleSummaryStatistics();
      for (int t = 0; t <= 20; t++) {
        x.accept(subject.at(t / 20.0).x());
        y.accept(subject.at(t / 20.0).y());
      }
      assertThat(x.getMin() + x.getMax()).as("clip %d of seed 13", i).isCloseTo(1.6, within(1e-9));
      assertThat(y.getMin() + y.getMax()).as("clip %d of seed 13", i).isCloseTo(1, within(1e-9));
    }
  }

  @Test
  void captionsUseKnownWords() {
    Set<String> used = new HashSet<>();
    for (double two : new double[] {0, 1}) {
      World world =
          new World(new WorldSettings(3, 1, Split.Part.TRAINED, Choice.ALL, two, 1, 16, 24, 1));
      for (int i = 0; i < 600; i++) {
        used.addAll(List.of(world.clip(i).caption().split(" ", -1)));
      }
    }
    assertThat(used).isEqualTo(Captions.words());
  }

  @Test
  void refusesSizesWithoutRoom() {
    assertThatThrownBy(() -> WorldSettings.trained(1, 8, 128, 5))
        .hasMessage("clips of 128x8 pixels: at least 16x16");
    assertThatThrownBy(() -> WorldSettings.trained(1, 64, 512, 5))
        .hasMessage("clips of 512x64 pixels: at most 4 times as long as wide");
    assertThatThrownBy(() -> WorldSettings.trained(1, 64, 64, 0))
        .hasMessage("clips of 0 frames: at least 1");
  }
}
