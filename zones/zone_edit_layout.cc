#include "zones/zone_edit_layout.h"

#include <algorithm>

namespace dnsd {
namespace {

// Fills `line` up to where the model's field begins; by the model's own white space where that has tabs.
void pad_like(std::string_view text, const RecordLayout* model, const TextRange* field, std::string& line) {
  if (model && field && field->end > field->begin) {
    const std::string_view before = text.substr(model->line.begin, field->begin - model->line.begin);
    const size_t last = before.find_last_not_of(" \t");
    const std::string_view gap = before.substr(last == std::string_view::npos ? 0 : last + 1);
    const bool first_line = before.find('\n') == std::string_view::npos;
    if (gap.find('\t') != std::string_view::npos && first_line) {
      line += gap;
      return;
    }
    if (first_line && line.size() < before.size()) {
      line.append(before.size() - line.size(), ' ');
      return;
    }
  }
  if (line.empty() || (line.back() != ' ' && line.back() != '\t')) line += ' ';
}

}  // namespace

std::string line_like(std::string_view text, const RecordLayout* model, const LineFields& fields) {
  std::string line = fields.owner;
  const auto field = [&](const std::string& value, const TextRange* place) {
    if (value.empty()) return;
    pad_like(text, model, place, line);
    line += value;
  };
  std::string rr_class;
  if (model) rr_class = text.substr(model->rr_class.begin, model->rr_class.end - model->rr_class.begin);
  const bool class_first = !rr_class.empty() && model->ttl.end > 0 && model->rr_class.begin < model->ttl.begin;
  if (class_first) field(rr_class, &model->rr_class);
  field(fields.ttl, model ? &model->ttl : nullptr);
  if (!class_first) field(rr_class, model ? &model->rr_class : nullptr);
  field(fields.type, model ? &model->type : nullptr);
  field(fields.rdata, model && !model->has_parentheses ? &model->rdata : nullptr);
  const bool dos = model && text.substr(model->line.begin, model->line.end - model->line.begin).ends_with("\r\n");
  return line + (dos ? "\r\n" : "\n");
}

std::string relative_text(NameView name, NameView origin) {
  std::string full = to_text(name);
  if (name == origin) return "@";
  if (!name.is_at_or_below(origin)) return full;
  const size_t suffix = origin.is_root() ? 0 : to_text(origin).size();
  full.resize(full.size() - suffix - 1);
  return full;
}

}  // namespace dnsd
