package org.t3jvm.model.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files of a repository, as the server lists them page by page. */
final class Listing {
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"?next\"?");

  private static final int MAX_PAGES = 10_000;
  private static final int MAX_FILES = 1_000_000;
  private static final int MAX_PAGE_BYTES = 64 << 20;

  private Listing() {}

  /**
   * All files of a revision.
   *
   * @throws HubException if there is no such repository, it may not be read, or the listing is no
   *     listing
   */
  static List<HubFile> of(HubClient client, String repo, String revision) throws IOException {
    List<HubFile> files = new ArrayList<>();
    Set<URI> seen = new HashSet<>();
    URI page =
        client.uri(
            "/api/models/%s/tree/%s"
                .formatted(HubClient.encodePath(repo), HubClient.encode(revision)),
            "?recursive=true");
    while (page != null) {
      if (!seen.add(page) || seen.size() > MAX_PAGES || files.size() > MAX_FILES) {
        throw new HubException(
            "the listing of '%s' has no end: %d pages with %d files so far"
                .formatted(repo, seen.size(), files.size()));
      }
      page = read(client, page, "repository '%s' (%s)".formatted(repo, revision), files);
    }
    return files;
  }

  /** Adds the files of a page and gives the address of the next one. */
  private static @Nullable URI read(HubClient client, URI page, String what, List<HubFile> files)
      throws IOException {
    Retries retries = new Retries("listing " + what, client.pause(), 2);
    while (true) {
      try {
        HubClient.Answer response = client.get(page, what, null);
        boolean empty;
        try (InputStream body = response.body()) {
          byte[] bytes = body.readNBytes(MAX_PAGE_BYTES);
          if (bytes.length == MAX_PAGE_BYTES) {
            throw new HubException(
                "%s: a page of the server's listing has more than %d bytes"
                    .formatted(what, MAX_PAGE_BYTES));
          }
          empty = add(JsonMapper.shared().readTree(bytes), what, files);
        }
        for (String link : response.headers().allValues("Link")) {
          Matcher next = NEXT.matcher(link);
          if (next.find() && empty) {
            throw new HubException(
                what + ": the server lists pages after an empty one; the listing has no end");
          }
          if (next.reset().find()) {
            return HubClient.redirect(page, next.group(1));
          }
        }
        return null;
      } catch (JacksonException e) {
        throw new HubException(what + ": the server's listing is not JSON", e);
      } catch (IOException e) {
        retries.failed(e);
      }
    }
  }

  /** Adds files; true if there is no entry at all. */
  private static boolean add(JsonNode entries, String what, List<HubFile> files)
      throws HubException {
    if (!entries.isArray()) {
      throw new HubException(what + ": the server's listing is no list of files");
    }
    for (JsonNode entry : entries) {
      if (entry.path("type").asString("").equals("file")) {
        files.add(HubFile.parse(entry));
      }
    }
    return entries.isEmpty();
  }
}
