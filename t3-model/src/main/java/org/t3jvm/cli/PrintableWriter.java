package org.t3jvm.cli;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import org.t3jvm.loaders.text.Messages;

/**
 * Lines for a terminal that may hold text from files and servers: all that is not {@link
 * Messages#printable} is shown as {@code ?}, but for the ends of lines. Whoever prints such text as
 * a field of a line has to keep it on that line.
 */
final class PrintableWriter extends FilterWriter {
  /** The first half of a character whose second half comes with the next write; 0 for none. */
  private char half;

  private PrintableWriter(Writer out) {
    super(out);
  }

  /** A printer onto {@code out} that flushes every line. */
  static PrintWriter around(PrintWriter out) {
    return new PrintWriter(new PrintableWriter(out), true);
  }

  @Override
  public void write(int unit) throws IOException {
    write(new char[] {(char) unit}, 0, 1);
  }

  @Override
  public void write(String text, int offset, int length) throws IOException {
    write(text.toCharArray(), offset, length);
  }

  @Override
  public void write(char[] units, int offset, int length) throws IOException {
    if (length == 0) {
      return;
    }
    String text = new String(units, offset, length);
    if (half != 0) {
      text = half + text;
      half = 0;
    }
    char last = text.charAt(text.length() - 1);
    if (Character.isHighSurrogate(last)) {
      half = last;
      text = text.substring(0, text.length() - 1);
    }
    int from = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      int stop = end > from && text.charAt(end - 1) == '\r' ? end - 1 : end;
      out.write(Messages.printable(text.substring(from, stop)));
      out.write(text, stop, end + 1 - stop);
      from = end + 1;
    }
    out.write(Messages.printable(text.substring(from)));
  }
}
