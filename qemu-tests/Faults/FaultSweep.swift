import Foundation

/// Lets an operation fail at each of its system calls in a guest, by the script `faults`.
struct FaultSweep: Sendable, CustomStringConvertible {
    /// What is known of one kind of fault.
    struct Kind: Sendable, Equatable {
        /// The system call.
        let call: String
        /// The error it returned, or `LOST` when it said that it had worked.
        let error: String
        /// How often the operation makes this call, and how many of those were made to fail.
        let calls: Int, tried: Int
        /// How often the operation said that it had failed, and how many faults did harm.
        let failed: Int, harm: Int
    }

    /// What came out.
    struct Result: Sendable {
        var kinds: [Kind] = []
        /// What was done to the machine that must not be, a line each.
        var harm: [String] = []
        /// What the sweep said of itself.
        var notes: [String] = []

        /// How many faults were tried.
        var tried: Int { kinds.map(\.tried).reduce(0, +) }
        /// How often the operation said that it had failed.
        var failed: Int { kinds.map(\.failed).reduce(0, +) }
    }

    /// A name for the report.
    let name: String
    /// The program and its arguments, without quotes.
    let operation: String
    /// Brings the machine into the state from which it starts.
    let before: String
    /// Succeeds when the operation has had its effect.
    let done: String
    /// Succeeds when everything is as before the operation.
    let untouched: String
    /// Whether a small image is at hand in /run/small, and passive has none, so that an upgrade removes nothing.
    var isUpgrade = false

    var description: String { name }

    /// Operations of the product.
    static let all = [
        FaultSweep(
            name: "switch", operation: "lifeboot switch passive", before: "lifeboot switch active",
            done: variable("default", "passive"), untouched: variable("default", "active")),
        FaultSweep(
            name: "mark-good", operation: "lifeboot mark-good", before: PowerCutOperation.loseAnAttempt,
            done: variable("active_tries", "3"), untouched: variable("active_tries", "2")),
        FaultSweep(
            name: "rollback", operation: "lifeboot rollback", before: saved + "\n" + restored,
            done: "\(roles)\ntest \"$active\" = \"$(sed -n s/^passive=//p /run/saved.env)\"",
            untouched: "\(roles)\ntest \"$active\" = \"$(sed -n s/^active=//p /run/saved.env)\""),
        FaultSweep(
            name: "upgrade", operation: "lifeboot upgrade --only active dir:/run/small",
            before: [saved, prepared, restored].joined(separator: "\n"),
            done: "\(whole)\n\(roles)\ntest \"$active\" = \"$new\"; cmp -s $images/$new/vmlinuz /run/small/vmlinuz"
                + "; cmp -s $images/$new/root.squashfs /run/small/root.squashfs"
                + "; cmp -s $images/$new/initrd.img /run/small/initrd.img"
                + "; cmp -s $images/$new/manifest.json /run/small/manifest.json",
            untouched: "\(whole)\n\(roles)\ntest \"$active\" = \"$old\"", isUpgrade: true),
    ]

    /// Keeps `boot.env` as it is the first time.
    static let saved = """
        set -e
        mkdir -p /run/boot
        mount /dev/vda2 /run/boot
        test -e /run/saved.env || cp /run/boot/lifeboot/boot.env /run/saved.env
        """

    /// Makes `boot.env` again what it was.
    static let restored = """
        dd if=/run/saved.env of=/run/boot/lifeboot/boot.env bs=1024 oflag=direct,dsync conv=notrunc status=none
        umount /run/boot
        """

    /// Unpacks the small image once.
    static let unpacked = "test -e /run/small || { mkdir /run/small; tar -xf /oem/small.tar -C /run/small; }"

    /// Sets the id of the small image.
    static let identified = "new=$(sha256sum </run/small/manifest.json | head -c 16)"

    /// Unpacks the small image, and removes what an upgrade made of it.
    private static let prepared = """
        \(unpacked)
        \(images)
        mount -o remount,rw /run/lifeboot/state
        rm -rf $images/$new $images/.staging-*
        mount -o remount,ro /run/lifeboot/state
        """

    /// Sets where images are, the id of the small one, and the one that is active at the beginning.
    private static let images = """
        images=/run/lifeboot/state/images
        \(identified)
        old=$(sed -n s/^active=//p /run/saved.env)
        """

    /// Fails unless the old image has the kernel and initrd that GRUB wants; sets the variables of `images`.
    private static let whole = "set -e; \(images); (cd $images/$old; sha256sum --quiet -c boot.sha256)"

    /// Sets `active` to the image that is active according to both copies of the boot environment.
    private static let roles = #"""
        set -e
        json=$(lifeboot boot-env show --json | tr -d ' \n')
        active=$(echo "$json" | sed 's/.*"active":"\([0-9a-f]*\)".*/\1/')
        """#

    /// A command that succeeds when both copies of the boot environment are sound and a variable has a value.
    private static func variable(_ name: String, _ value: String) -> String {
        "lifeboot boot-env show --json | tr -d ' \\n' | grep -q '\"\(name)\":\"\(value)\"'"
    }

    /// Runs the sweep in a guest; takes little more than `budget` seconds.
    ///
    /// `seed` decides which faults are tried when there is not time for all.
    func run(
        in guest: Guest, budget: Int, errors: String = "ENOSPC EIO LOST", seed: Int = 1
    ) async throws -> Result {
        let arguments = [String(budget), before, done, untouched, operation].map(Self.quoted).joined(separator: " ")
        let output = try await guest.output(
            of: "cat >/run/faults <<'END OF FAULTS'\n\(try Self.script())\nEND OF FAULTS\n"
                + "FAULT_ERRORS=\(Self.quoted(errors)) FAULT_SEED=\(seed) bash /run/faults \(arguments)",
            within: .seconds(budget * 3 + 300))
        return Self.result(parsing: output)
    }

    /// Runs the sweep on this machine, for an operation that needs nothing but a folder.
    func run(budget: Int, errors: String = "ENOSPC EIO LOST", seed: Int = 1) async throws -> Result {
        let output = try await HostCommand.run(
            "env",
            [
                "FAULT_ERRORS=\(errors)", "FAULT_SEED=\(seed)", "bash", Self.place, String(budget), before, done,
                untouched, operation,
            ],
            within: .seconds(budget * 3 + 300))
        return Self.result(parsing: output)
    }

    private static let place = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/faults"

    /// The script, which guests are given when they need it.
    private static func script() throws -> String { try String(contentsOfFile: place, encoding: .utf8) }

    /// Reads what the script printed.
    static func result(parsing output: String) -> Result {
        var result = Result()
        for line in output.split(separator: "\n").map(String.init) {
            let words = line.split(separator: " ").map(String.init)
            let numbers = words.dropFirst(3).compactMap { Int($0) }
            if words.first == "swept", numbers.count == 4 {
                result.kinds.append(
                    Kind(
                        call: words[1], error: words[2], calls: numbers[0], tried: numbers[1], failed: numbers[2],
                        harm: numbers[3]))
            } else if words.first == "harm" {
                result.harm.append(line)
            } else {
                result.notes.append(line)
            }
        }
        return result
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
