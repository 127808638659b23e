#include "tools/zone_edit/svg_chart.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>

#include "base/text.h"
#include "pinned_ips/feed/feed_text.h"

namespace dnsd {
namespace {

// All lengths are in pixels.
constexpr double width = 960, margin = 24;
constexpr double most_pitch = 20, least_pitch = 1.5;  // from bar to bar
constexpr double bars_height = 1200;                  // that many bars share, if they can
constexpr double pitch_with_labels = 11;
constexpr double character = 6.7;  // width of one, of the labels
constexpr double value_room = 64;  // for the numbers at the right

// Colours that are told apart with any kind of eyes, also beside each other; groups beyond them share.
struct Colour {
  const char* light;
  const char* dark;
};
constexpr std::array<Colour, 8> colours = {{{"#3b76af", "#6aa7e0"},
                                            {"#d9822b", "#f0a556"},
                                            {"#3d9a78", "#5fc7a1"},
                                            {"#b5518f", "#df86bd"},
                                            {"#8a7a1f", "#c9b84a"},
                                            {"#6a5acd", "#a99cf5"},
                                            {"#b23a3a", "#ee7f7a"},
                                            {"#5f6b76", "#a3afba"}}};

// Control characters are none in XML 1.0, even written as references.
std::string escaped(std::string_view text) {
  std::string printable(text);
  std::erase_if(printable, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t'; });
  return html_escaped(printable);
}

std::string number(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", x);
  std::string_view shown = text;
  while (shown.ends_with('0')) shown.remove_suffix(1);
  if (shown.ends_with('.')) shown.remove_suffix(1);
  return std::string(shown == "-0" ? "0" : shown);
}

std::string per_cent(double part, double step) {
  char text[32];
  const int digits = std::clamp(static_cast<int>(std::ceil(-std::log10(step * 100) - 1e-9)), 0, 6);
  std::snprintf(text, sizeof text, "%.*f%%", digits, part * 100);
  return text;
}

// A step of 1, 2 or 5 times a power of ten, of which up to six lead to `most`.
double axis_step(double most) {
  const double power = std::pow(10, std::floor(std::log10(most / 6)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (most / (factor * power) <= 6 + 1e-9) return factor * power;
  return 10 * power;
}

// The width of text in the labels' size, about.
double text_width(std::string_view text) {
  return character * static_cast<double>(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

class SvgWriter {
 public:
  explicit SvgWriter(const SvgChart& chart) : chart_(chart) {
    for (const SvgSection& section : chart.sections)
      for (const SvgBar& bar : section.bars)
        if (std::ranges::find(groups_, bar.group) == groups_.end()) groups_.push_back(bar.group);
  }

  std::string write() {
    text(margin, 38, "title", chart_.title);
    text(margin, 60, "soft", chart_.subtitle);
    y_ = 84;
    legend();
    for (const SvgSection& section : chart_.sections) draw(section);
    const std::string height = number(y_ + margin / 2);
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + number(width) + "\" height=\"" + height +
           "\" viewBox=\"0 0 " + number(width) + " " + height + "\" role=\"img\">\n<title>" + escaped(chart_.title) +
           "</title>\n" + style() + "<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n" + body_ + "</svg>\n";
  }

 private:
  std::string style() const {
    std::string light, dark;
    for (size_t i = 0; i < std::min(groups_.size(), colours.size()); ++i) {
      light += ".g" + std::to_string(i) + "{fill:" + colours[i].light + "}";
      dark += ".g" + std::to_string(i) + "{fill:" + colours[i].dark + "}";
    }
    return "<style>\n"
           "text{font-family:system-ui,'Segoe UI','DejaVu Sans',sans-serif;font-size:12px;fill:#1f2933}\n"
           ".title{font-size:20px;font-weight:600}.section{font-size:14px;font-weight:600}.soft{fill:#5b6772}\n"
           ".page{fill:#ffffff}.grid{stroke:#e1e5ea}.axis{stroke:#9aa5b1}.mark{stroke:#1f2933;stroke-width:2}\n"
           ".dot{fill:#ffffff;stroke:#1f2933;stroke-width:1.5}" +
           light +
           "\n"
           "@media "
           "(prefers-color-scheme:dark){text{fill:#e4e7eb}.soft{fill:#9aa5b1}.page{fill:#14181d}.grid{stroke:#2b323a}"
           ".axis{stroke:#616e7c}.mark{stroke:#f5f7fa}.dot{fill:#14181d;stroke:#f5f7fa}" +
           dark + "}\n</style>\n";
  }

  std::string colour_of(const std::string& group) const {
    const auto i = static_cast<size_t>(std::ranges::find(groups_, group) - groups_.begin());
    return "g" + std::to_string(i % colours.size());
  }

  // ---- shapes ----------------------------------------------------------------------------------------------

  void text(double x, double y, const char* kind, std::string_view words, const char* anchor = "start") {
    body_ += "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" class=\"" + kind + "\" text-anchor=\"" + anchor +
             "\">" + escaped(words) + "</text>\n";
  }
  void line(const char* kind, double x1, double y1, double x2, double y2) {
    body_ += std::string("<line class=\"") + kind + "\" x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" +
             number(x2) + "\" y2=\"" + number(y2) + "\"/>\n";
  }
  void rectangle(const std::string& kind, double x, double y, double w, double h, double round = 0) {
    body_ += "<rect class=\"" + kind + "\" x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" + number(w) +
             "\" height=\"" + number(h) + "\"" + (round > 0 ? " rx=\"" + number(round) + "\"" : "") + "/>\n";
  }
  void dot(double x, double y, double radius) {
    body_ +=
        "<circle class=\"dot\" cx=\"" + number(x) + "\" cy=\"" + number(y) + "\" r=\"" + number(radius) + "\"/>\n";
  }

  // ---- parts of the chart ----------------------------------------------------------------------------------

  // What bar, mark and dot are, then the groups by their colours; as many lines as it takes.
  void legend() {
    double x = margin;
    const auto entry = [&](const std::string& words, auto draw_sign) {
      if (x > margin && x + 22 + text_width(words) > width - margin) {
        x = margin;
        y_ += 20;
      }
      draw_sign(x, y_);
      text(x + 22, y_ + 4, "soft", words);
      x += 22 + text_width(words) + 24;
    };
    const std::string first = groups_.empty() ? "g0" : colour_of(groups_.front());
    entry(chart_.value_name, [&](double at, double y) { rectangle(first, at, y - 5, 16, 10, 2); });
    entry(chart_.mark_name, [&](double at, double y) { line("mark", at + 8, y - 7, at + 8, y + 7); });
    entry(chart_.dot_name, [&](double at, double y) { dot(at + 8, y, 4); });
    if (groups_.size() > 1) {
      x = margin;
      y_ += 22;
      for (const std::string& group : groups_)
        entry(group, [&](double at, double y) { rectangle(colour_of(group), at + 3, y - 5, 10, 10, 2); });
    }
    y_ += 18;
  }

  void draw(const SvgSection& section) {
    double most = 0, labels = 0;
    for (const SvgBar& bar : section.bars) {
      most = std::max({most, bar.value, bar.mark, bar.dot});
      labels = std::max(labels, text_width(bar.label));
    }
    if (most <= 0) most = 1;
    const double pitch = std::clamp(bars_height / static_cast<double>(section.bars.size()), least_pitch, most_pitch);
    const bool labelled = pitch >= pitch_with_labels;
    const double left = margin + (labelled ? labels + 12 : 0);
    const double step = axis_step(most);
    const double scale = (width - margin - value_room - left) / most;
    const double top = y_ + 56, bottom = top + pitch * static_cast<double>(section.bars.size()) + 4;
    text(margin, y_ + 22, "section", section.title);
    for (int i = 0; i * step <= most * 1.0001; ++i) {
      const double x = left + i * step * scale;
      line(i == 0 ? "axis" : "grid", x, top - 6, x, bottom);
      text(x, top - 12, "soft", per_cent(i * step, step), "middle");
    }
    for (size_t i = 0; i < section.bars.size(); ++i)
      draw(section.bars[i], left, top + pitch * static_cast<double>(i), pitch, scale, labelled, step);
    y_ = bottom + 16;
  }

  void draw(const SvgBar& bar, double left, double y, double pitch, double scale, bool labelled, double step) {
    const double thick = labelled ? pitch * 0.62 : pitch, gap = (pitch - thick) / 2, middle = y + pitch / 2;
    const double fine = step / 20;  // a number behind a bar has a digit or two more than the axis
    body_ += "<g><title>" +
             escaped(bar.label + (bar.group.empty() ? "" : ", " + bar.group) + ": " + chart_.value_name + " " +
                     per_cent(bar.value, fine) + ", " + chart_.mark_name + " " + per_cent(bar.mark, fine) + ", " +
                     chart_.dot_name + " " + per_cent(bar.dot, fine)) +
             "</title>\n";
    rectangle(colour_of(bar.group), left, y + gap, std::max(bar.value * scale, 0.5), thick, labelled ? 2 : 0);
    const double mark = left + bar.mark * scale;
    line("mark", mark, y + (labelled ? 1 : 0), mark, y + pitch - (labelled ? 1 : 0));
    dot(left + bar.dot * scale, middle, labelled ? std::min(4.0, pitch * 0.2) : std::max(pitch * 0.3, 0.6));
    if (labelled) {
      text(left - 8, middle + 4, "label", bar.label, "end");
      text(width - margin, middle + 4, "soft", per_cent(bar.value, fine), "end");
    }
    body_ += "</g>\n";
  }

  const SvgChart& chart_;
  std::vector<std::string> groups_;
  std::string body_;
  double y_ = 0;
};

}  // namespace

std::string to_svg(const SvgChart& chart) { return SvgWriter(chart).write(); }

}  // namespace dnsd
