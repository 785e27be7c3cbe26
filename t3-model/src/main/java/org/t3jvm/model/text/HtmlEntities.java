package org.t3jvm.model.text;

import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Entities;
import org.jspecify.annotations.Nullable;

/**
 * HTML5 character references to characters, by the rules of Python's {@code html.unescape}, which
 * upstream cleans prompts with (SPEC 2). The table of names is jsoup's.
 */
final class HtmlEntities {
  private static final Pattern REFERENCE =
      Pattern.compile("&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\\t\\n\\f <&#;]{1,32};?)");
  private static final Pattern TERMINATED = Pattern.compile("&#?[0-9A-Za-z]{1,24};");

  private HtmlEntities() {}

  /**
   * Replaces every reference once. Names of old HTML count without their semicolon, and as the
   * beginning of a longer word: notit after an ampersand gives a not sign and "it". Unknown names
   * stay.
   */
  static String unescape(String text) {
    return text.indexOf('&') < 0 ? text : replace(REFERENCE, text, HtmlEntities::character);
  }

  /**
   * The stricter form that ftfy decodes: only references that end with a semicolon, and names
   * shouted in capitals (EACUTE) for the capital of their character.
   */
  static String unescapeTerminated(String text) {
    return text.indexOf('&') < 0 ? text : replace(TERMINATED, text, HtmlEntities::terminated);
  }

  private interface Replacement {
    String of(String reference);
  }

  private static String replace(Pattern pattern, String text, Replacement replacement) {
    return pattern
        .matcher(text)
        .replaceAll((MatchResult match) -> Matcher.quoteReplacement(replacement.of(match.group())));
  }

  private static String character(String reference) {
    String body = reference.substring(1);
    if (body.startsWith("#")) {
      return numeric(body);
    }
    String whole = named(body);
    if (whole != null) {
      return whole;
    }
    for (int end = body.length() - 1; end > 1; end--) {
      String start = named(body.substring(0, end));
      if (start != null) {
        return start + body.substring(end);
      }
    }
    return reference;
  }

  private static String terminated(String reference) {
    if (reference.startsWith("&#")) {
      String decoded = unescape(reference);
      return decoded.contains(";") ? reference : decoded;
    }
    String body = reference.substring(1);
    String exact = named(body);
    if (exact != null) {
      return exact;
    }
    String lower = body.toLowerCase(Locale.ROOT);
    boolean shouted = body.equals(body.toUpperCase(Locale.ROOT));
    String character = shouted && unescape(reference).equals(reference) ? named(lower) : null;
    return character != null ? character.toUpperCase(Locale.ROOT) : reference;
  }

  /** The characters of a name with its semicolon, or of an old name without; else null. */
  private static @Nullable String named(String name) {
    if (name.endsWith(";")) {
      String bare = name.substring(0, name.length() - 1);
      return Entities.isNamedEntity(bare) ? Entities.getByName(bare) : null;
    }
    return Entities.isBaseNamedEntity(name) ? Entities.getByName(name) : null;
  }

  private static String numeric(String body) {
    String digits = body.endsWith(";") ? body.substring(1, body.length() - 1) : body.substring(1);
    boolean hex = digits.charAt(0) == 'x' || digits.charAt(0) == 'X';
    int code = parse(hex ? digits.substring(1) : digits, hex ? 16 : 10);
    if (code >= 0x80 && code <= 0x9f) {
      return Windows1252.character(code);
    }
    if (code == 0 || code > Character.MAX_CODE_POINT || isSurrogate(code)) {
      return "\uFFFD";
    }
    return isDropped(code) ? "" : Character.toString(code);
  }

  /** The value, or a number past the last code point if it is larger than that. */
  private static int parse(String digits, int radix) {
    int code = 0;
    for (int i = 0; i < digits.length() && code <= Character.MAX_CODE_POINT; i++) {
      code = code * radix + Character.digit(digits.charAt(i), radix);
    }
    return code;
  }

  private static boolean isSurrogate(int code) {
    return code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE;
  }

  /** Controls and non-characters, which decode to nothing. */
  private static boolean isDropped(int code) {
    return (code < 0x20 && code != '\t' && code != '\n' && code != '\f' && code != '\r')
        || code == 0x7f
        || (code >= 0xfdd0 && code <= 0xfdef)
        || (code & 0xfffe) == 0xfffe;
  }
}
