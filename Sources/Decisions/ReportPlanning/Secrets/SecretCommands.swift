/// Knows commands that take secrets as arguments or from what is piped into them.
///
/// Such a line goes as a whole: shells quote in too many ways to find the word.
enum SecretCommands {
    /// Programs that set or check passwords.
    private static let programs = [
        "chpasswd", "chgpasswd", "htpasswd", "sshpass", "smbpasswd", "mkpasswd", "openssl passwd", "passwd --stdin",
        "kadmin", "vncpasswd", "wpa_passphrase", "grub-mkpasswd", "grub2-mkpasswd",
    ].map { Array($0.utf8) }
    /// Programs that do with these options.
    private static let options: [(programs: [[UInt8]], options: [[UInt8]])] = [
        (["usermod", "useradd", "adduser"], [" -p", " --password"]),
        (["mysql", "mysqladmin", "mariadb", "docker login", "podman login", "skopeo login", "nerdctl login"], [" -p"]),
        (["curl", "wget"], [" -u", " --user", " -H", " --header"]),
        (["nmcli"], ["password", "psk", "wep-key", "wpa"]), (["machine "], [" login "]),
        (["cryptsetup", "systemd-cryptenroll", "passwd", "docker login", "sudo -S"], ["echo ", "printf ", "<<"]),
        (["ldapsearch", "ldapmodify", "ldapadd"], [" -w"]), (["ipmitool"], [" -P"]), (["psql", "redis-cli"], [" -a"]),
    ].map { ($0.0.map { Array($0.utf8) }, $0.1.map { Array($0.utf8) }) }

    /// Whether a line is such a command.
    static func takeSecrets(_ line: [UInt8]) -> Bool {
        let lower = line.lowercased
        if programs.contains(where: lower.has) { return isCommand(line) }
        return options.contains { $0.programs.contains(where: lower.has) && $0.options.contains(where: line.has) }
    }

    /// A key of that name is a key, and what it says is left to its value.
    private static func isCommand(_ line: [UInt8]) -> Bool {
        let text = line.drop { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: "-") }
        let name = text.prefix(while: SecretNames.isNameByte)
        return
            !(name.endIndex < line.count && line[name.endIndex] == UInt8(ascii: ":") && name.endIndex + 1 == line.count)
    }

    /// The line that ends what a shell gives a command: `<<EOF`; nil when the line begins no such thing.
    static func document(_ line: [UInt8]) -> [UInt8]? {
        guard takeSecrets(line), let start = line.place(of: Array("<<".utf8), from: 0) else { return nil }
        let word = line[(start + 2)...].drop { [0x2D, 0x20, 0x22, 0x27, 0x5C].contains($0) }
        let end = word.prefix { SecretNames.isNameByte($0) }
        return word.first == UInt8(ascii: "<") || end.isEmpty ? nil : Array(end)
    }
}

extension [UInt8] {
    fileprivate func has(_ text: [UInt8]) -> Bool { place(of: text, from: 0) != nil }
}
