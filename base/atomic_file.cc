#include "base/atomic_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

namespace dnsd {
namespace {

Failure system_failure(const std::string& what, const std::string& path) {
  return Failure{what + " " + path + ": " + std::strerror(errno)};
}

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t n = ::write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    content.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

// The file that is meant: what a symbolic link leads to, or a path where nothing is yet.
Result<std::string> resolved(const std::string& path) {
  char real[PATH_MAX];
  if (::realpath(path.c_str(), real)) return std::string(real);
  struct stat info {};
  if (::lstat(path.c_str(), &info) == 0 && S_ISLNK(info.st_mode)) {
    return Failure{"cannot replace " + path + ": the symbolic link leads nowhere"};
  }
  return path;
}

// The content, mode and owner in a temporary file that is safe on disk.
Status write_beside(int fd, const std::string& temporary, std::string_view content, const struct stat* old) {
  if (old && ::fchmod(fd, old->st_mode & 07777) != 0) return system_failure("cannot set the mode of", temporary);
  if (old && ::fchown(fd, old->st_uid, old->st_gid) != 0 && errno != EPERM)
    return system_failure("cannot set the owner of", temporary);
  if (!write_all(fd, content)) return system_failure("cannot write", temporary);
  if (::fsync(fd) != 0) return system_failure("cannot sync", temporary);
  return Done{};
}

template <typename String>
Result<String> read_into(const std::string& path, size_t most) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info {};
  if (file.get() < 0 || ::fstat(file.get(), &info) != 0) return system_failure("cannot open", path);
  if (!S_ISREG(info.st_mode)) return Failure{"cannot read " + path + ": not a regular file"};
  const auto announced = static_cast<size_t>(info.st_size);
  // One octet more than there are shows the end without a second buffer. A sparse file may announce a terabyte.
  String content(announced <= most ? announced + 1 : 0, '\0');
  size_t size = 0;
  for (;;) {
    if (size > most || announced > most) {
      return Failure{"cannot read " + path + ": larger than " + std::to_string(most) + " octets"};
    }
    if (size == content.size()) content.resize(size + 4096);
    const ssize_t n = ::read(file.get(), content.data() + size, content.size() - size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_failure("cannot read", path);
    if (n == 0) break;
    size += static_cast<size_t>(n);
  }
  content.resize(size);
  return content;
}

}  // namespace

Result<std::string> read_file(const std::string& path, size_t most) { return read_into<std::string>(path, most); }

Result<HugeString> read_large_file(const std::string& path, size_t most) { return read_into<HugeString>(path, most); }

Status replace_file(const std::string& path, std::string_view content, unsigned mode) {
  const Result<std::string> meant = resolved(path);
  if (!meant) return meant.failure();
  const std::string& target = *meant;
  const std::string folder = folder_of(target);
  struct stat old {};
  const bool exists = ::stat(target.c_str(), &old) == 0;
  // The process id keeps writers apart; a leftover of a crash under the same id is overwritten.
  const std::string temporary = target + ".new." + std::to_string(::getpid());
  const FileDescriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode));
  if (file.get() < 0) return system_failure("cannot create", temporary);
  Status written = write_beside(file.get(), temporary, content, exists ? &old : nullptr);
  if (written && ::rename(temporary.c_str(), target.c_str()) != 0) written = system_failure("cannot replace", target);
  if (!written) {
    ::unlink(temporary.c_str());
    return written;
  }
  const FileDescriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || ::fsync(directory.get()) != 0) return system_failure("cannot sync the folder", folder);
  return Done{};
}

Result<FileLock> FileLock::take(const std::string& path, Wait wait) {
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!file) return system_failure("cannot open the lock", path);
  while (::flock(file.get(), wait == Wait::yes ? LOCK_EX : LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno == EWOULDBLOCK) return Failure{"another process holds the lock " + path};
    return system_failure("cannot lock", path);
  }
  return FileLock(std::move(file));
}

}  // namespace dnsd
