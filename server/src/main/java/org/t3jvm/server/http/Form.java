package org.t3jvm.server.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A form with files, {@code multipart/form-data} (RFC 7578). Names of files that a client gives are
 * not looked at.
 *
 * @param fields by name
 * @param files by name; whoever reads the form deletes or moves them
 */
public record Form(Map<String, String> fields, Map<String, Path> files) {
  private static final int MAX_PARTS = 32;
  private static final int MAX_HEADER = 4 << 10;
  private static final Pattern BOUNDARY =
      Pattern.compile(
          "(?i)multipart/form-data\\s*;.*?boundary=(?:\"([^\"]{1,70})\"|([^\";,\\s]{1,70})).*");
  private static final Pattern NAME =
      Pattern.compile("(?i)(?:^|;)\\s*name=(?:\"([^\"]{1,100})\"|([^\";\\s]{1,100}))");
  private static final Pattern DISPOSITION =
      Pattern.compile("(?i)content-disposition:\\s*form-data\\s*(;.*)");
  private static final Pattern FILE = Pattern.compile("(?i)(?:^|;)\\s*filename\\*?=");

  /** Where files of a form are written. */
  public interface Uploads {
    /** A new empty file. */
    Path create() throws IOException;
  }

  /** True if a request brings a form. */
  public static boolean isForm(Call call) {
    String type = call.header("Content-Type");
    return type != null && BOUNDARY.matcher(type).matches();
  }

  /**
   * The form of a request.
   *
   * @param fieldLimit bytes of a field
   * @param limit bytes of the whole body
   * @throws HttpFailure if it is none, or too large
   */
  public static Form read(Call call, int fieldLimit, long limit, Uploads uploads)
      throws IOException, HttpFailure {
    Matcher boundary = BOUNDARY.matcher(String.valueOf(call.header("Content-Type")));
    if (!boundary.matches()) {
      throw malformed("the content type names no boundary");
    }
    String mark = boundary.group(1) != null ? boundary.group(1) : boundary.group(2);
    Form form = new Form(new LinkedHashMap<>(), new LinkedHashMap<>());
    try {
      new Reader(call.body(), mark, limit).read(form, fieldLimit, uploads);
      return form;
    } catch (IOException | HttpFailure | RuntimeException e) {
      form.discard();
      throw e;
    }
  }

  /** The text of a field. */
  public @Nullable String field(String name) {
    return fields.get(name);
  }

  /** Deletes the files that nobody has moved. */
  public void discard() throws IOException {
    for (Path file : files.values()) {
      Files.deleteIfExists(file);
    }
  }

  private static HttpFailure malformed(String why) {
    return new HttpFailure(400, "malformed_form", "the form cannot be read: " + why);
  }

  private static final class Reader {
    private final InputStream in;
    private final byte[] mark;
    private final long limit;
    private long count;

    /** A body is read as if it began with a line's end, so that all boundaries look alike. */
    Reader(InputStream in, String boundary, long limit) {
      this.in = new BufferedInputStream(in, 64 << 10);
      this.mark = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
      this.limit = limit;
    }

    void read(Form form, int fieldLimit, Uploads uploads) throws IOException, HttpFailure {
      copy(OutputStream.nullOutputStream(), 2, MAX_HEADER);
      for (int part = 0; next(); part++) {
        if (part >= MAX_PARTS) {
          throw malformed("it has more than %d parts".formatted(MAX_PARTS));
        }
        String disposition = disposition();
        Matcher name = NAME.matcher(disposition);
        if (!name.find()) {
          throw malformed("a part has no name");
        }
        String key = name.group(1) != null ? name.group(1) : name.group(2);
        if (form.fields.containsKey(key) || form.files.containsKey(key)) {
          throw malformed("two parts have one name");
        }
        if (FILE.matcher(disposition).find()) {
          Path file = uploads.create();
          form.files.put(key, file);
          try (OutputStream out = Files.newOutputStream(file)) {
            copy(out, 0, limit);
          }
        } else {
          ByteArrayOutputStream text = new ByteArrayOutputStream();
          copy(text, 0, fieldLimit);
          form.fields.put(key, text.toString(StandardCharsets.UTF_8));
        }
      }
    }

    /** After a boundary: true if a part follows, false at the end of the form. */
    private boolean next() throws IOException, HttpFailure {
      int a = one();
      int b = one();
      if (a == '-' && b == '-') {
        return false;
      }
      if (a != '\r' || b != '\n') {
        throw malformed("a boundary is followed by other than a line's end");
      }
      return true;
    }

    /** The parameters of the part's {@code Content-Disposition}. */
    private String disposition() throws IOException, HttpFailure {
      String found = "";
      int size = 0;
      while (true) {
        String line = line();
        size += line.length();
        if (line.isEmpty()) {
          return found;
        }
        if (size > MAX_HEADER) {
          throw malformed("a part's header is too large");
        }
        Matcher disposition = DISPOSITION.matcher(line);
        if (disposition.matches()) {
          found = disposition.group(1);
        }
      }
    }

    private String line() throws IOException, HttpFailure {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      while (true) {
        int b = one();
        if (b == '\n') {
          String text = line.toString(StandardCharsets.UTF_8);
          return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        }
        line.write(b);
        if (line.size() > MAX_HEADER) {
          throw malformed("a part's header is too large");
        }
      }
    }

    /**
     * Copies what is before the next boundary, and reads that.
     *
     * @param matched bytes of the boundary that count as read
     * @param most bytes to copy
     */
    private void copy(OutputStream out, int matched, long most) throws IOException, HttpFailure {
      long copied = 0;
      int at = matched;
      while (at < mark.length) {
        int b = one();
        if (b == mark[at]) {
          at++;
          continue;
        }
        // The mark's first byte occurs in it once, so nothing of it can begin inside of a part of
        // it.
        out.write(mark, 0, at);
        copied += at;
        at = b == mark[0] ? 1 : 0;
        if (at == 0) {
          out.write(b);
          copied++;
        }
        if (copied > most) {
          throw Call.tooLarge(most);
        }
      }
    }

    private int one() throws IOException, HttpFailure {
      int b = in.read();
      if (b < 0) {
        throw malformed("it ends early");
      }
      if (++count > limit) {
        throw Call.tooLarge(limit);
      }
      return b;
    }
  }
}
