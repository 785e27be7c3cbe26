package org.t3jvm.model.measure.report;

import java.util.Map;

/**
 * A video in a report.
 *
 * @param name what it is called there
 * @param settings what it was made with, by the names that people know; empty if that is unknown
 */
public record ReportRow(String name, Map<String, String> settings, MeasuredVideo video) {}
