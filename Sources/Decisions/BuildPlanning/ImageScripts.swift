/// What runs in the last container of an image besides what its packages and its file say.
enum ImageScripts {
    /// Sets `$KERNEL` for a command: the version that the file says, or else the newest that is there.
    static func naming(kernel: String?, _ command: String) -> String {
        let version =
            kernel.map(quoted) ?? "$(cd /usr/lib/modules 2>/dev/null && ls -1 | sort -V | tail -n 1) || KERNEL="
        return "KERNEL=\(version)\nexport KERNEL\n\(command)"
    }

    /// Replaces lines of os-release, and adds those that are not there; the shell alone does it.
    ///
    /// - Parameter lines: empty texts for those that are to go.
    static func release(_ lines: [String: String]) -> String {
        let sorted = lines.sorted { $0.key < $1.key }
        let names = sorted.map { "\($0.key)=*" }.joined(separator: "|")
        let texts = sorted.filter { !$0.value.isEmpty }.map { quoted("\($0.key)=\(value($0.value))") }
            .joined(separator: " ")
        return """
            file=/usr/lib/os-release
            [ -e "$file" ] || file=/etc/os-release
            [ -e "$file" ] || { mkdir -p /usr/lib; file=/usr/lib/os-release; : >"$file"; }
            { while IFS= read -r line || [ -n "$line" ]; do
              case $line in \(names)) ;; *) printf '%s\\n' "$line" ;; esac
            done; } <"$file" >"$file.new"
            printf '%s\\n' \(texts) >>"$file.new"
            cat "$file.new" >"$file"
            rm "$file.new"
            """
    }

    /// The same lines without the version, as a word of its own; what is nothing else is empty.
    static func unversioned(_ lines: [String: String], _ version: String) -> [String: String] {
        lines.mapValues { text in
            text.split(separator: " ").filter { word in
                let end = word.drop { "(v".contains($0) }
                return end != version && end != "\(version))"
            }.joined(separator: " ")
        }
    }

    /// Makes what no package carries, of what all of them brought (docs/packages.md has the list).
    static let remaking = """
        run() { if command -v "$1" >/dev/null; then "$@"; fi; }
        for folder in /usr/lib/modules/*/kernel /lib/modules/*/kernel; do
          [ -d "$folder" ] || continue
          folder=${folder%/kernel}
          run depmod "${folder##*/}"
        done
        run ldconfig
        [ ! -d /usr/share/mime/packages ] || run update-mime-database /usr/share/mime
        [ ! -d /usr/share/applications ] || run update-desktop-database /usr/share/applications
        [ ! -d /usr/share/fonts ] || run fc-cache --system-only
        """

    /// Makes the initramfs without the version of the image, which dracut takes from os-release: two releases have the same
    /// then, unless more has changed in them, and an upgrade does not move it.
    ///
    /// - Parameters:
    ///   - release: lines of os-release, which are there before and afterwards.
    ///   - version: that of the image.
    static func initramfs(in release: [String: String], _ version: String) -> String {
        let without = unversioned(release, version)
        return "\(Self.release(without))\n\(initramfs)\n\(Self.release(release))"
    }

    /// Makes the initramfs where the agent is, for its keys and its layout are in it; dracut makes the same of the same.
    static let initramfs = """
        if [ -n "$KERNEL" ] && command -v dracut >/dev/null && ls -d /usr/lib/dracut/modules.d/*lifeboot* >/dev/null 2>&1; then
          for initrd in "/usr/lib/modules/$KERNEL/initrd" "/usr/lib/modules/$KERNEL/initramfs.img" "/boot/initramfs-$KERNEL.img"; do
            [ ! -e "$initrd" ] || break
            initrd=/boot/initrd.img-$KERNEL
          done
          settings=/usr/share/lifeboot/dracut.conf
          if [ -e "$settings" ] && ! grep -qs lifeboot /etc/dracut.conf /etc/dracut.conf.d/*.conf /usr/lib/dracut/dracut.conf.d/*.conf; then
            mkdir -p /etc/dracut.conf.d
            cp "$settings" /etc/dracut.conf.d/lifeboot.conf
          fi
          dracut --reproducible --no-hostonly --force --kver "$KERNEL" "$initrd"
        fi
        """

    /// Programs that make an initramfs: where a command names one, nothing else is made.
    static let makers = ["dracut", "update-initramfs", "mkinitramfs", "mkinitcpio"]

    /// A word for a shell.
    static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// The value of a line as os-release(5) wants it: in double quotes, with what a shell would take otherwise escaped.
    private static func value(_ text: String) -> String {
        var value = ""
        for scalar in text.unicodeScalars {
            if "\\\"$`".unicodeScalars.contains(scalar) { value.unicodeScalars.append("\\") }
            value.unicodeScalars.append(scalar)
        }
        return "\"\(value)\""
    }
}
