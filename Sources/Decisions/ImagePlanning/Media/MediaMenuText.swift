/// The parts of a medium's configuration that are the same on each.
enum MediaMenuText {
    /// Functions that look at an image and boot it.
    static let booting = """
        # Succeeds when image $1 is there and its kernel and initrd are whole; sets lifeboot_dir.
        function lifeboot_usable {
            set lifeboot_dir="($lifeboot_medium)/images/$1"
            if [ -s "$lifeboot_dir/vmlinuz" -a -s "$lifeboot_dir/initrd.img" ]; then true; else return 1; fi
            # A GRUB without `hashsum` complains and succeeds.
            if hashsum --hash sha256 --check "$lifeboot_dir/boot.sha256" --prefix "$lifeboot_dir"; then return 0; fi
            return 1
        }

        # Boots image $1 in lifeboot_dir, with argument $2 if there is one. Returns only when that failed.
        function lifeboot_boot {
            unset kernel_arguments
            if load_env --file "$lifeboot_dir/kernel.env" kernel_arguments; then true; fi
            echo "lifeboot: booting $1 from this medium"
            if linux "$lifeboot_dir/vmlinuz" lifeboot.mode=live lifeboot.image=$1 $2 $kernel_arguments panic=5; then
                if initrd "$lifeboot_dir/initrd.img"; then
                    if boot; then true; fi
                fi
            fi
            echo "lifeboot: $1 cannot be loaded"
            return 1
        }

        # Boots the first whole one of lifeboot_images, with argument $1 if there is one, or says that there is none and starts
        # again.
        function lifeboot_start {
            set lifeboot_argument="$1"
            for lifeboot_image in $lifeboot_images; do
                if lifeboot_usable "$lifeboot_image"; then
                    if lifeboot_boot "$lifeboot_image" "$lifeboot_argument"; then true; fi
                else
                    echo "lifeboot: $lifeboot_image is not whole"
                fi
            done
            echo "lifeboot: no image on this medium can be booted; restarting in 10 seconds"
            sleep 10
            reboot
        }

        """

    /// The list of choices, which runs out after some seconds and after thirty keys, and GRUB's own menu behind it.
    static func list(words: String, entries: String, timeout: Int) -> String {
        """
        # Shows the list; after thirty keys, whatever they are, the machine starts.
        function lifeboot_offer {
            set lifeboot_asked="x$lifeboot_asked"
            export lifeboot_asked
            if [ "$lifeboot_asked" = xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx ]; then lifeboot_automatic; fi
            echo
            echo "LIFEBOOT: PRESS A SMALL LETTER; AFTER \(timeout) SECONDS THIS MACHINE STARTS BY ITSELF"
        \(words)    echo "  G  MENU OF GRUB, WHICH WAITS AFTER A KEY"
            lifeboot_entries
            set timeout_style=countdown
            set timeout=\(timeout)
        }

        # Succeeds when nobody takes choice $1 back, else shows the list again.
        function lifeboot_confirmed {
            echo
            echo "LIFEBOOT: $1 IN 3 SECONDS; ESC TAKES IT BACK"
            if sleep --verbose --interruptible 3; then
                echo
                return 0
            fi
            lifeboot_offer
            return 1
        }

        # Defines the choices. The last hotkey is the byte that Esc sends.
        function lifeboot_entries {
            set default=0
        \(entries)    submenu "Menu of GRUB" --unrestricted --hotkey=g {
                if lifeboot_confirmed "MENU OF GRUB"; then
                    lifeboot_entries
                    set timeout_style=menu
                    set timeout=60
                fi
            }
            submenu "List of choices" --unrestricted --hotkey='\u{1B}' {
                lifeboot_offer
            }
        }

        set lifeboot_asked=
        export lifeboot_medium lifeboot_asked
        lifeboot_offer

        """
    }
}
