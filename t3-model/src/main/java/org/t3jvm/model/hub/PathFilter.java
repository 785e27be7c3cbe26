package org.t3jvm.model.hub;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Which files of a repository are wanted. In a pattern, {@code *} stands for any characters,
 * slashes too, and {@code ?} for one.
 */
public final class PathFilter {
  private final List<Pattern> include;
  private final List<Pattern> exclude;

  /**
   * @param include one of these must fit, if there are any
   * @param exclude none of these may
   */
  public PathFilter(List<String> include, List<String> exclude) {
    this.include = include.stream().map(PathFilter::compile).toList();
    this.exclude = exclude.stream().map(PathFilter::compile).toList();
  }

  boolean wants(String path) {
    return (include.isEmpty() || fits(include, path)) && !fits(exclude, path);
  }

  private static boolean fits(List<Pattern> patterns, String path) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(path).matches());
  }

  private static Pattern compile(String glob) {
    StringBuilder regex = new StringBuilder();
    for (char c : glob.toCharArray()) {
      regex.append(
          switch (c) {
            case '*' -> ".*";
            case '?' -> ".";
            default -> Pattern.quote(String.valueOf(c));
          });
    }
    return Pattern.compile(regex.toString());
  }
}
