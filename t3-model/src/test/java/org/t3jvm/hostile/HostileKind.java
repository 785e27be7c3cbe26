package org.t3jvm.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import org.t3jvm.job.ModelSource;
import org.t3jvm.job.VideoJob;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.io.Digest;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.pth.PthWriter;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.model.batch.PromptFile;
import org.t3jvm.model.golden.FixtureSet;
import org.t3jvm.model.image.ImageFile;
import org.t3jvm.model.lora.LoraSource;
import org.t3jvm.model.primer.PrimerTokenizer;
import org.t3jvm.model.provenance.ModelIdentity;
import org.t3jvm.model.provenance.VideoRecord;
import org.t3jvm.model.state.RunSettings;
import org.t3jvm.model.state.SavePace;
import org.t3jvm.model.state.StateFolder;
import org.t3jvm.model.text.Tokenizer;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.model.video.FrameSource;
import org.t3jvm.model.video.TestVideo;
import org.t3jvm.model.video.VideoReaders;
import org.t3jvm.model.video.VideoTags;
import org.t3jvm.model.video.VideoWriters;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** The kinds of files that the program reads, with valid ones and what reads them. */
enum HostileKind {
  SAFETENSORS("model.safetensors", 1) {
    @Override
    byte[][] valid(Path dir) throws IOException {
      return new byte[][] {Files.readAllBytes(safetensors(dir.resolve("valid")))};
    }
  },
  SHARD_INDEX("model.safetensors.index.json", 1) {
    @Override
    byte[][] valid(Path dir) throws IOException {
      safetensors(dir.resolve("model-00001-of-00001.safetensors"));
      String shard = "\"model-00001-of-00001.safetensors\"";
      return new byte[][] {
        "{\"metadata\":{\"total_size\":24},\"weight_map\":{\"a\":%s,\"b.c\":%s}}"
            .formatted(shard, shard)
            .getBytes(UTF_8)
      };
    }
  },
  ADAPTER_CONFIG("adapter_config.json", 1) {
    @Override
    byte[][] valid(Path dir) throws IOException {
      safetensors(dir.resolve("adapter_model.safetensors"));
      return new byte[][] {
        "{\"r\":4,\"lora_alpha\":16,\"use_rslora\":true,\"alpha_pattern\":{\"q\":8},\"peft_type\":\"LORA\"}"
            .getBytes(UTF_8)
      };
    }

    @Override
    void read(Path file) throws IOException {
      new LoraSource(file.resolveSibling("")).open(1, 1).checkpoint().close();
    }
  },
  PTH("model.pth", 1) {
    @Override
    byte[][] valid(Path dir) throws IOException {
      Path file = dir.resolve("valid");
      Map<String, Tensor> tensors = tensors();
      PthWriter.write(file, infos(tensors), name -> Objects.requireNonNull(tensors.get(name)));
      return new byte[][] {Files.readAllBytes(file)};
    }
  },
  GGUF("model.gguf", 1) {
    @Override
    byte[][] valid(Path dir) {
      ByteBuffer file = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
      file.put("GGUF".getBytes(UTF_8)).putInt(3).putLong(2).putLong(2);
      text(file, "general.architecture").putInt(8);
      text(file, "wan");
      text(file, "general.alignment").putInt(4).putInt(32);
      text(file, "a").putInt(1).putLong(32).putInt(8).putLong(0);
      text(file, "b").putInt(2).putLong(2).putLong(3).putInt(0).putLong(64);
      int data = Math.ceilDiv(file.position(), 32) * 32;
      byte[] content = new byte[data + 64 + 24];
      file.get(0, content, 0, file.position());
      return new byte[][] {content};
    }

    private static ByteBuffer text(ByteBuffer file, String text) {
      return file.putLong(text.length()).put(text.getBytes(UTF_8));
    }
  },
  SPIECE("spiece.model", 16) {
    @Override
    byte[][] valid(Path dir) throws IOException {
      Path file = FixtureSet.bundled().named("tokenizer").path("/spiece.model");
      return new byte[][] {Files.readAllBytes(file)};
    }

    @Override
    void read(Path file) throws IOException {
      tokenize(file);
    }
  },
  TOKENIZER_JSON("tokenizer.json", 16) {
    @Override
    byte[][] valid(Path dir) throws IOException {
      Path file = FixtureSet.bundled().named("tokenizer").path("/tokenizer.json");
      return new byte[][] {PrimerTokenizer.json(), Files.readAllBytes(file)};
    }

    @Override
    void read(Path file) throws IOException {
      tokenize(file);
    }
  },
  PNG("image.png", 64) {
    @Override
    byte[][] valid(Path dir) throws IOException {
      return new byte[][] {resource("/images/cols.png")};
    }

    @Override
    void read(Path file) throws IOException {
      ImageFile.read(file);
    }
  },
  JPEG("image.jpg", 64) {
    @Override
    byte[][] valid(Path dir) throws IOException {
      return new byte[][] {resource("/images/cols_cmyk.jpg")};
    }

    @Override
    void read(Path file) throws IOException {
      ImageFile.read(file);
    }
  },
  /** Decoded by FFmpeg. */
  WEBP("image.webp", 64) {
    @Override
    byte[][] valid(Path dir) throws IOException {
      return new byte[][] {resource("/images/webp.webp")};
    }

    @Override
    void read(Path file) throws IOException {
      ImageFile.read(file);
    }
  },
  /** Decoded by FFmpeg. */
  VIDEO("clip.mkv", 64) {
    @Override
    byte[][] valid(Path dir) throws IOException {
      Path file = dir.resolve("valid.mkv");
      byte[] noise = new byte[96 * 64 * 3];
      try (TestVideo video = new TestVideo(file, 96, 64, 25)) {
        for (int t = 0; t < 3; t++) {
          new Random(t).nextBytes(noise);
          video.write(noise, t * 40_000L);
        }
      }
      Path mp4 = dir.resolve("valid.mp4");
      try (FrameSink sink = VideoWriters.open(mp4, 96, 64, 8, Map.of())) {
        sink.write(new byte[96 * 64 * 3]);
        sink.write(new byte[96 * 64 * 3]);
        sink.finish();
      }
      return new byte[][] {Files.readAllBytes(file), Files.readAllBytes(mp4)};
    }

    @Override
    void read(Path file) throws IOException {
      try (FrameSource frames = VideoReaders.open(file)) {
        while (frames.next() != null) {
          // Each has the pixels of its size.
        }
      }
    }
  },
  VIDEO_TAGS("video.mp4", 4) {
    @Override
    byte[][] valid(Path dir) throws IOException {
      Path file = dir.resolve("valid.mp4");
      try (FrameSink sink = VideoWriters.open(file, 16, 16, 8, record().tags())) {
        sink.write(new byte[16 * 16 * 3]);
        sink.finish();
      }
      return new byte[][] {Files.readAllBytes(file)};
    }

    @Override
    void read(Path file) throws IOException {
      VideoRecord.parse(VideoTags.read(file).get(VideoRecord.COMMENT));
    }
  },
  STATE("state.json", 4) {
    @Override
    byte[][] valid(Path dir) throws IOException {
      Path folder = dir.resolve("begun.mp4.t3state");
      StateFolder.begin(folder, new RunSettings(record(), false, false), SavePace.usual()).close();
      return new byte[][] {Files.readAllBytes(folder.resolve("state.json"))};
    }

    // Half of them are sealed again, so that what is in them is read.
    @Override
    byte[] damaged(byte[] valid, SplittableRandom random) {
      String seal = ",\"sha256\":";
      String text = new String(valid, UTF_8);
      int end = text.lastIndexOf(seal);
      if (end < 0 || random.nextBoolean()) {
        return super.damaged(valid, random);
      }
      byte[] body = Damage.some(text.substring(0, end).getBytes(UTF_8), random);
      String sealed = new String(body, UTF_8);
      return (sealed + seal + '"' + Digest.sha256(sealed.getBytes(UTF_8)) + "\"}\n")
          .getBytes(UTF_8);
    }

    @Override
    void read(Path file) throws IOException {
      Path folder = file.resolveSibling("video.mp4.t3state");
      Files.createDirectories(folder);
      Files.write(folder.resolve("state.json"), Files.readAllBytes(file));
      StateFolder.open(folder, VERSION, SavePace.usual()).close();
    }
  },
  PROMPTS_JSON("prompts.json", 4) {
    @Override
    byte[][] valid(Path dir) {
      return new byte[][] {
        "[{\"prompt_en\":\"a fox\",\"seed\":5},{\"prompt\":\"a \\u9999\",\"negative\":\"grey\"}]"
            .getBytes(UTF_8)
      };
    }
  },
  PROMPTS_LINES("prompts.jsonl", 4) {
    @Override
    byte[][] valid(Path dir) {
      return new byte[][] {
        "{\"prompt_en\":\"a fox\",\"seed\":5}\n{\"prompt\":\"a hen\"}\n".getBytes(UTF_8)
      };
    }
  },
  PROMPTS_CSV("prompts.csv", 4) {
    @Override
    byte[][] valid(Path dir) {
      return new byte[][] {"prompt,seed\n\"a fox, red\",5\n\"a \"\"hen\"\"\",6\n".getBytes(UTF_8)};
    }
  },
  PROMPTS_TEXT("prompts.txt", 4) {
    @Override
    byte[][] valid(Path dir) {
      return new byte[][] {"# notes\na fox in the snow\n\na hen\n".getBytes(UTF_8)};
    }
  };

  private static final String VERSION = "test";

  private final String fileName;
  private final long allowance;

  HostileKind(String fileName, int megabytes) {
    this.fileName = fileName;
    this.allowance = (long) megabytes << 20;
  }

  String fileName() {
    return fileName;
  }

  /** Bytes that may be allocated beyond twice the file: a parser's buffers, decoded pixels. */
  long allowance() {
    return allowance;
  }

  /** Files that can be read, and beside them in {@code dir} what they refer to. */
  abstract byte[][] valid(Path dir) throws IOException;

  byte[] damaged(byte[] valid, SplittableRandom random) {
    return Damage.some(valid, random);
  }

  /** Reads a file as the program does, to its end. */
  void read(Path file) throws IOException {
    if (fileName.startsWith("prompts")) {
      PromptFile.read(file);
      return;
    }
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      for (TensorInfo info : checkpoint.entries().values()) {
        if (info.supported()) {
          Tensor tensor = checkpoint.tensor(info.name());
          for (long i = 0; i < tensor.shape().elements(); i++) {
            tensor.getDouble(i);
          }
        }
      }
    }
  }

  private static void tokenize(Path file) throws IOException {
    Tokenizer tokenizer = Tokenizer.load(file);
    tokenizer.encode("a red ball \u2581 \ud83e\udd8a <extra_id_0> \n rolls", 512);
  }

  private static Map<String, Tensor> tensors() {
    return Map.of(
        "a",
        Tensor.ofFloats(Shape.of(2, 2), 1, 2, 3, 4),
        "b.c",
        Tensor.ofFloats(Shape.of(2), 5, 6));
  }

  private static List<TensorInfo> infos(Map<String, Tensor> tensors) {
    return tensors.entrySet().stream()
        .map(each -> TensorInfo.of(each.getKey(), each.getValue()))
        .toList();
  }

  private static Path safetensors(Path file) throws IOException {
    Map<String, Tensor> tensors = tensors();
    SafetensorsWriter.write(
        file,
        infos(tensors),
        name -> Objects.requireNonNull(tensors.get(name)),
        Map.of("format", "pt"));
    return file;
  }

  private static VideoRecord record() {
    return new VideoRecord(
        VERSION,
        new ModelIdentity("embedded", "0123456789abcdef"),
        ModelSource.EMBEDDED,
        VideoJob.of("a ball").negative("grey").size(32, 48).frames(9).steps(4).build());
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(HostileKind.class.getResourceAsStream(name))) {
      return in.readAllBytes();
    }
  }
}
