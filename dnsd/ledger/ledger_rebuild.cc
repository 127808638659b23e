#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/file_descriptor.h"
#include "dnsd/ledger/ledger_file.h"

namespace dnsd {
namespace {

bool is_there(const std::string& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0;
}

Failure system_failure(const std::string& what) {
  return Failure{what + ": " + std::strerror(errno) + "; set that right and rebuild again"};
}

Status move_file(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) == 0 || errno == ENOENT) return Done{};
  return system_failure("cannot move " + from + " to " + to);
}

Status sync_folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const FileDescriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory && ::fsync(directory.get()) == 0) return Done{};
  return system_failure("cannot sync the folder " + folder);
}

// With its journal: SQLite would play the journal of the old file back into the new one.
Status keep_the_old(const std::string& path) {
  if (!is_there(path) && !is_there(path + "-journal")) return Done{};
  std::string kept;
  for (unsigned number = 1; kept.empty() || is_there(kept) || is_there(kept + "-journal"); ++number)
    kept = path + ".old-" + std::to_string(number);
  if (const Status moved = move_file(path, kept); !moved) return moved;
  return move_file(path + "-journal", kept + "-journal");
}

void remove_all(const std::string& path) {
  for (const std::string& name : {path, path + "-journal", witness_path(path)}) ::unlink(name.c_str());
}

}  // namespace

// The witness of the new ledger comes before the new ledger, so that at no moment there is nothing, which would be
// taken for a first start.
Status LedgerFile::rebuild(const std::string& path, std::span<const std::string> bodies) {
  if (bodies.empty()) return Failure{"no records to make " + path + " of; name a snapshot that has some"};
  const std::string beside = path + ".new";
  remove_all(beside);
  Witness witness;
  {
    Result<LedgerFile> made = open(beside, Access::write);
    if (!made) return made.failure();
    if (const Status status = made->append(bodies); !status) {
      remove_all(beside);
      return status;
    }
    witness = {made->size(), made->head_hash()};
  }
  ::unlink(witness_path(beside).c_str());
  if (const Status written = write_witness(witness_path(path), witness); !written) return written;
  if (const Status kept = keep_the_old(path); !kept) return kept;
  if (const Status moved = move_file(beside, path); !moved) return moved;
  return sync_folder_of(path);
}

}  // namespace dnsd
