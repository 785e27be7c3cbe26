package org.t3jvm.model.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metadata in every form that data come in; what cannot be read is named by line. */
class MetadataTest {
  @TempDir Path folder;

  private List<DataRow> read(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
    return Metadata.read(folder);
  }

  private DataRow row(String file, String text, String where) {
    return new DataRow(folder.resolve(file), text, where);
  }

  @Test
  void readsCsvWithQuotesAndBreaks() throws IOException {
    String csv =
        """
        \uFEFFtext,fps,file_name\r
        "a ""red"" ball, rolling",8,a.mp4\r
        \r
        "two
        lines",8,"sub/b.mp4"
        plain,,c.png\
        """;
    assertThat(read("metadata.csv", csv))
        .containsExactly(
            row("a.mp4", "a \"red\" ball, rolling", "metadata.csv line 2"),
            row("sub/b.mp4", "two\nlines", "metadata.csv line 4"),
            row("c.png", "plain", "metadata.csv line 6"));
  }

  @Test
  void readsOtherNamesOfColumns() throws IOException {
    assertThat(read("metadata.csv", "video,prompt\na.mp4,one\n"))
        .containsExactly(row("a.mp4", "one", "metadata.csv line 2"));
    assertThat(read("metadata.csv", "video;prompt\na.mp4;one, two\n"))
        .as("another separator, as spreadsheets write it")
        .containsExactly(row("a.mp4", "one, two", "metadata.csv line 2"));
    assertThat(read("metadata.csv", "image,prompt\na.png,one\n"))
        .containsExactly(row("a.png", "one", "metadata.csv line 2"));
  }

  @Test
  void readsJsonLines() throws IOException {
    String lines =
        """
        {"file_name": "a.mp4", "text": "one", "fps": 8}

        {"video": "b.mp4", "prompt": "\\u00e9t\\u00e9"}
        """;
    assertThat(read("metadata.jsonl", lines))
        .containsExactly(
            row("a.mp4", "one", "metadata.jsonl line 1"),
            row("b.mp4", "été", "metadata.jsonl line 3"));
  }

  @Test
  void namesWhatItCannotRead() {
    Path csv = folder.resolve("metadata.csv");
    assertThatThrownBy(() -> Metadata.read(folder))
        .hasMessage(
            "data folder '%s' has no metadata.csv or metadata.jsonl; give one with the columns"
                + " file_name and text",
            folder);
    assertThatThrownBy(() -> Metadata.read(folder.resolve("none")))
        .hasMessage("data folder '%s' is not a folder", folder.resolve("none"));
    assertThatThrownBy(() -> read("metadata.csv", "")).hasMessage("'%s' is empty", csv);
    assertThatThrownBy(() -> read("metadata.csv", "name,text\na,b\n"))
        .hasMessage("'%s' line 2 has no column file_name, video, image; it has [name, text]", csv);
    assertThatThrownBy(() -> read("metadata.csv", "file_name,text\na,b,c\n"))
        .hasMessage("'%s' line 2 has 3 columns, the header 2", csv);
    assertThatThrownBy(() -> read("metadata.csv", "file_name,text\na,\"b\n"))
        .hasMessage("'%s' line 2: a quote is not closed", csv);
  }

  @Test
  void namesALineThatIsNoJson() {
    assertThatThrownBy(() -> read("metadata.jsonl", "{\"file_name\": \"a\", \"text\": \"b\"}\nno"))
        .hasMessageStartingWith(
            "'%s' line 2 is no JSON: ".formatted(folder.resolve("metadata.jsonl")));
  }
}
