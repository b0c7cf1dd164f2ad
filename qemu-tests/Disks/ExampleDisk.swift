/// A small disk with the partitions that the offline edits are tested on.
enum ExampleDisk {
    /// Makes it at `path`: `boot` (FAT, with `/note`) and `state` (ext4, with `/data` of 12,288 times "x").
    static func make(at path: String) async throws {
        let script = """
            set -e
            truncate -s 34M "$1"
            printf 'label: gpt\\nstart=2048,size=16M,name=boot\\nstart=34816,size=16M,name=state\\n' | sfdisk -q "$1"
            mkdir "$1.d"; head -c 12288 /dev/zero | tr '\\0' x >"$1.d/data"
            mkfs.ext4 -q -b 4096 -d "$1.d" -E offset=17825792 "$1" 16M
            mformat -i "$1@@1M" -T 32768 -h 64 -s 32 ::
            printf old | mcopy -i "$1@@1M" - ::/note
            """
        try await HostCommand.run("sh", ["-c", script, "sh", path])
    }
}
