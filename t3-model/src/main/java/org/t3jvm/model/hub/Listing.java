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
      if (!seen.add(page)) {
        throw new HubException("the listing of '%s' has no end".formatted(repo));
      }
      page = read(client, page, "repository '%s' (%s)".formatted(repo, revision), files);
    }
    return files;
  }

  /** Adds the files of a page and gives the address of the next one. */
  private static @Nullable URI read(HubClient client, URI page, String what, List<HubFile> files)
      throws IOException {
    Retries retries = new Retries("listing " + what, client.pause());
    while (true) {
      try {
        HubClient.Answer response = client.get(page, what, null);
        try (InputStream body = response.body()) {
          add(JsonMapper.shared().readTree(body.readAllBytes()), what, files);
        }
        for (String link : response.headers().allValues("Link")) {
          Matcher next = NEXT.matcher(link);
          if (next.find()) {
            return page.resolve(next.group(1));
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

  private static void add(JsonNode entries, String what, List<HubFile> files) throws HubException {
    if (!entries.isArray()) {
      throw new HubException(what + ": the server's listing is no list of files");
    }
    for (JsonNode entry : entries) {
      if (entry.path("type").asString("").equals("file")) {
        files.add(HubFile.parse(entry));
      }
    }
  }
}
